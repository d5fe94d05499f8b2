"""System checks that must hold before the product may run."""
