"""The consumer's side of a complaint: filing without an account, the receipt, and following the case.

Owns the portal's pages, the draft and the visit kept in the portal session, and what is told in plain words. Decides
nothing: filing, messages and withdrawal are the verbs of `cases.complaints.actions`, and rows come through the doors of
`cases.queries` with a consumer actor. Nobody is known here by a telephone number alone: a case opens to the receipt code
together with a phone that just answered a code.
"""
