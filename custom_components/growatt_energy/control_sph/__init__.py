"""Control of SPH, MIX and SPA: periods that are written as whole groups."""
