"""Evidence bundles: the register of a case as one document that a court can read and check, and as a package that checks itself.

plan → pages → sheets → bind → sign → package. What goes in is the manifest, sealed before anything is made: the same register gives
the same manifest, and the same bundle is not made twice. Kinds of case lend their names to the verbs, as with `cases.evidence`.
"""
