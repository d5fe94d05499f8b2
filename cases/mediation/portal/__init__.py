"""The consumer's pages of a mediation: the visit to the complaint opens them too."""
