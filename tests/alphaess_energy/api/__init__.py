"""Tests of the AlphaCloud client and its decoders, without Home Assistant."""
