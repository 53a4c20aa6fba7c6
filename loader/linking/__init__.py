"""Links between organisations and the records of other registers.

``reading`` takes both from a store; ``exact`` links by identifier; ``likeness`` weighs names, addresses and postcodes
with Splink, on DuckDB or on Spark; ``decisions`` keeps what a person accepted or rejected; ``publishing`` writes the
linkset.
"""
