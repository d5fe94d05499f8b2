"""Lending: consumers, merchants, funders and loans as the core lending system knows them. A mirror to answer complaints by,
never the system of record for money. It knows no case."""
