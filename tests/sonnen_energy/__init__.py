"""Tests of the sonnenBatterie integration."""
