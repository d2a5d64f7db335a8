"""Tests of the sonnenBatterie client and its decoders, without Home Assistant."""
