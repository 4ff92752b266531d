package orgfilter

import (
	"slices"
	"strings"
)

// deniedFunctions run SQL text, read or write a table by its name, a large
// object by its number or a file, or change the session so that a later
// statement means something else; or act on and tell of other sessions, or of
// tables as a whole. Sources: pg_proc, the manual's chapters "Functions and
// Operators" (XML, text search, configuration, administration), "Large
// Objects" and "Additional Supplied Modules", and Citus.
var deniedFunctions = map[string]bool{
	"query_to_xml": true, "query_to_xmlschema": true, "query_to_xml_and_xmlschema": true,
	"cursor_to_xml": true, "cursor_to_xmlschema": true,
	"table_to_xml": true, "table_to_xmlschema": true, "table_to_xml_and_xmlschema": true,
	"schema_to_xml": true, "schema_to_xmlschema": true, "schema_to_xml_and_xmlschema": true,
	"database_to_xml": true, "database_to_xmlschema": true, "database_to_xml_and_xmlschema": true,
	"ts_stat": true, "ts_rewrite": true,
	"set_config": true, "set_limit": true,
	"connectby": true, "xpath_table": true, "pg_background_launch": true,
	"get_raw_page": true, "heap_page_items": true, "heap_page_item_attrs": true, "tuple_data_split": true,
	"bt_metap": true, "bt_page_stats": true, "bt_page_items": true, "bt_multi_page_stats": true,
	"brin_page_items": true, "gin_leafpage_items": true,
	"gist_page_items": true, "gist_page_items_bytea": true, "hash_page_items": true, "hash_bitmap_info": true,
	"pgrowlocks": true, "pg_relpages": true, "pg_freespace": true, "pg_prewarm": true, "pg_buffercache_pages": true,
	"pg_check_frozen": true, "pg_check_visible": true, "pg_truncate_visibility_map": true,
	"verify_heapam": true, "verify_nbtree": true, "bt_index_check": true, "bt_index_parent_check": true, "gin_index_check": true,
	"heap_force_kill": true, "heap_force_freeze": true,
	"pg_relation_size": true, "pg_table_size": true, "pg_indexes_size": true, "pg_total_relation_size": true,
	"pg_database_size": true, "pg_tablespace_size": true, "pg_sequence_last_value": true,
	"currtid2": true, "pg_get_viewdef": true,
	"lo_get": true, "lo_put": true, "lo_unlink": true, "lo_export": true, "lo_import": true, "lo_open": true, "loread": true, "lowrite": true,
	"pg_lock_status": true, "pg_cursor": true, "pg_prepared_statement": true, "pg_prepared_xact": true,
	"pg_cancel_backend": true, "pg_terminate_backend": true,
}

// deniedFamilies are how the names of such functions begin.
var deniedFamilies = []string{
	"crosstab", "dblink", "pg_logical_slot_", "pg_stat_", "pg_get_wal_", "pg_ls_", "pg_read_", "pg_file_",
	"pgstat", "pg_visibility", "run_command_on_",
}

// runsText tells whether a function runs SQL text, or reads a table, that it
// is given as an argument.
func runsText(name string) bool {
	switch name {
	case "ts_stat", "ts_rewrite", "crosstab", "crosstab2", "crosstab3", "crosstab4", "crosstabn", "connectby", "xpath_table":
		return true
	}
	return deniedFunctions[name] && (strings.HasSuffix(name, "_to_xml") || strings.Contains(name, "_to_xml_") || strings.HasSuffix(name, "_to_xmlschema")) ||
		strings.HasPrefix(name, "dblink")
}

// readsTables tells whether a function is refused by its name, in whatever
// schema it lives.
func readsTables(name string) bool {
	return deniedFunctions[name] ||
		slices.ContainsFunc(deniedFamilies, func(family string) bool { return strings.HasPrefix(name, family) })
}
