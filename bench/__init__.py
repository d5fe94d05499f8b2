"""The benchmarks of `make bench`: every bar is a ratio to a yardstick measured in the same run.

`yardsticks` is what others reach on this machine (django-helpdesk, the smallest signed-in view, bare SQL), `product` what
Jike reaches; `bars` divides one by the other. Everything runs on loopback, on databases of its own, and ends by itself.
"""
