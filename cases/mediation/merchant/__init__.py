"""The merchant's side without an account: a link, a code to the phone it was sent to, and one case.

Looking at a link changes nothing. Whoever holds it sees nothing of the case before the code has answered.
"""
