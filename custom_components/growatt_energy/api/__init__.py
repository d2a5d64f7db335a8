"""The three cloud APIs of Growatt, without Home Assistant."""
