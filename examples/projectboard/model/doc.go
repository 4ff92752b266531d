// Package model names the tables of the board and the rows in them.
//
// Each table that belongs to organizations is declared once, next to its row type:
//
//	var Projects = query.Declare[Project]("projects")
//
// From then on query.ForOrg knows which relations of a statement to restrict, and sigravet knows which statements must
// go through it. Rows carry OrganizationID because PostgreSQL does; no handler ever sets it, and JSON never shows it.
package model
