"""One suite for every vendor's driver, each on its simulator."""
