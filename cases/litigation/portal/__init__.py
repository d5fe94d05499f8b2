"""The consumer's pages of a litigation: the visit to the complaint opens them too."""
