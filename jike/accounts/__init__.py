"""Who may come in and what they may do: staff accounts, units, roles and their powers, sign-in, and phone codes for people
without an account.

Powers are named in `config/roles.yaml`; `roles` turns a user, a consumer or a machine into the `Actor` that every verb
judges. `access` and `middleware` keep every route closed that nobody opened on purpose. Cases know users only as
`settings.AUTH_USER_MODEL` and as actors.
"""
