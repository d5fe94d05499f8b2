"""Recordings on the workbench: the queue, one recording with its player and verdict, recording at the counter, and the scripts."""
