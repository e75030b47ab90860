"""Nichiiki-LD: Japan's two-region living projects as linked open data."""
