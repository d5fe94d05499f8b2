"""The borrower's pages: the link, the question for consent, the recording itself, and the list of one's own recordings with who looked."""
