"""The only door to PostgreSQL: launcher of the embedded server, pools by role, migrations, named statements, bulk writes."""
