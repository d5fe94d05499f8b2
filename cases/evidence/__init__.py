"""The register of evidence of a case, and the custody of its papers.

Owns number, class, words and order of what may be shown to a court, and who had an original in hands. It never copies a paper or
its hash: both are those of `cases.attachments` and `jike.files`. The verbs are lent to a kind that takes papers, under its name.
"""
