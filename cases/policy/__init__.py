"""House policy that people of the business change in the product: reply texts, time limits, holiday notices.

Every change is a version: drafted by one person, approved by another, in force from a day on, never edited afterwards. What a
version means is told by its subject in `subjects`; where it is used, it is read through `in_force`.
"""
