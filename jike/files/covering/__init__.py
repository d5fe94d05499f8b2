"""Pages looked at and covered: the program is `__main__`, it runs confined, reads one PDF of pages and answers in one piece.

`look` draws every page and says where words stand that should perhaps be covered, `cover` makes the copy in which nothing is left
under the covered areas, `check` reads a copy as a stranger would and says what it still gives away.
"""
