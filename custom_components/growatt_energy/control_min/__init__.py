"""Control of MIN, MOD and MID inverters with a battery (reference sections 6.2, 6.3)."""
