// Package store reads and writes the board.
package store
