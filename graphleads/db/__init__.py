"""What people and the CRM say: the database's tables, its migrations, and how it is opened."""
