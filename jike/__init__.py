"""The ground floor and the project: what every domain needs and no domain owns. It knows no complaint, loan or refund."""
