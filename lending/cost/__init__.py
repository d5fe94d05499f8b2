"""The cost disclosure form (综合融资成本明示表): what a loan costs a year, item by item and in all, and who confirmed to have read it.

`rate` and `form` are pure arithmetic on whole cents; `policy` reads `config/rules/disclosure.yaml`; `actions` keeps a confirmed form.
"""
