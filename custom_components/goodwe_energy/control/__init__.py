"""Control of inverters and EV chargers (reference section 6)."""
