"""Looking into a file that somebody sent, in a process of its own that has little memory, little time and nothing else.

`python -I jike/files/looking KIND ENDING < file > JSON`. Nothing in here imports Django or reads a setting. Each module looks into
one family of files and answers with a `Look`: what the file is, how many pages, what is dangerous in it. Whatever goes wrong inside,
the process that called it goes on (`jike.files.examining`).
"""
