"""Questions (咨询), reports of violations (举报) and anonymous clues (线索): what reaches the house and is no complaint.

One kind with a nature. No statutory clock runs on it. It knows no complaint by name but one: what turns out to be a complaint is
filed through the registry of verbs, with the clock counted from the first receipt. Source: O2020-3 art 2, art 32.
"""
