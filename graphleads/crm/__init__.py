"""Customers from the CRM: reading an export, understanding its columns, and keeping what changed."""
