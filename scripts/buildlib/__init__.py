"""What a release and an installation by hand are made of.

Needs nothing but Python 3.11, so that it runs where Home Assistant does not.
"""
