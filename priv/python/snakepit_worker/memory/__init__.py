"""The shared memory in which large arrays and bytes travel between the host and this worker.

Each process writes to memory files of its own and reads those of the other one. A range of a file is used again when
its reader has given it back.
"""
