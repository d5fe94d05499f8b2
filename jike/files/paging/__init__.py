"""One paper turned into pages that can be shown and bound: the program is `__main__`, it runs confined and answers in one piece.

Pictures become sheets of A4 without anything but the picture, PDFs lose what acts and what hides and keep their words, mails and
texts are taken apart into words for the renderer. What is not pages by nature (recordings, tables, archives) is left alone.
"""
