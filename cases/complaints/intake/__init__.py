"""Taking in what comes by telephone, letter, e-mail or in person: the staff write it down, the consumer gets the same receipt."""
