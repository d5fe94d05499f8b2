"""When the sound and picture of a recording were there, second by second: read from its container by a confined process, decoding nothing.

The program answers for each track its kind, first and last millisecond, the holes between its pieces, and of sound how many bytes each second
took: a microphone that is switched off leaves next to none. `jike.files.timings` runs it.
"""
