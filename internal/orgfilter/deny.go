package orgfilter

import "strings"

// hiding is why a function has no place in a scoped statement, in whatever schema
// it lives.
type hiding uint8

const (
	// runsText: it runs SQL text, or reads a table by its name, that is given to it
	// as an argument. Where the argument is known, so is what it does.
	runsText hiding = iota + 1
	// reachesBeyond: it reads or writes a large object by its number, a page or a
	// file, changes the session so that a later statement means something else,
	// or acts on and tells of other sessions, or of tables as a whole.
	reachesBeyond
)

// denied is the one list of such functions: the runtime refuses them all, and the
// analyzer looks into the arguments of those that run text. A * stands for any end
// of a name. Sources: pg_proc, the manual's chapters "Functions and Operators"
// (XML, text search, configuration, administration), "Large Objects" and
// "Additional Supplied Modules", and Citus.
var denied = newDenyList(
	denial{runsText, `
		query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema
		table_to_xml table_to_xmlschema table_to_xml_and_xmlschema
		schema_to_xml schema_to_xmlschema schema_to_xml_and_xmlschema
		database_to_xml database_to_xmlschema database_to_xml_and_xmlschema
		ts_stat ts_rewrite connectby crosstab* xpath_table dblink* pg_background_launch run_command_on_*`},
	denial{reachesBeyond, `
		set_config set_limit
		get_raw_page heap_page_items heap_page_item_attrs tuple_data_split
		bt_metap bt_page_stats bt_page_items bt_multi_page_stats brin_page_items gin_leafpage_items
		gist_page_items gist_page_items_bytea hash_page_items hash_bitmap_info
		pgrowlocks pg_relpages pg_freespace pg_prewarm pg_buffercache_pages
		pg_check_frozen pg_check_visible pg_truncate_visibility_map pg_visibility*
		verify_heapam verify_nbtree bt_index_check bt_index_parent_check gin_index_check
		heap_force_kill heap_force_freeze
		pg_relation_size pg_table_size pg_indexes_size pg_total_relation_size pg_database_size pg_tablespace_size
		pg_sequence_last_value currtid2 pg_get_viewdef pg_get_wal_* pg_logical_slot_*
		lo_get lo_put lo_unlink lo_export lo_import lo_open loread lowrite
		pg_ls_* pg_read_* pg_file_*
		pg_stat_* pgstat* pg_lock_status pg_cursor pg_prepared_statement pg_prepared_xact
		pg_cancel_backend pg_terminate_backend`},
)

type denyList struct {
	names    map[string]hiding
	families []family
	// begins has what the names and the families begin with, which few columns do.
	begins [256]bool
}

// beginning is a number for the first two bytes of a name.
func beginning(name string) uint8 {
	if len(name) < 2 {
		return 0
	}
	return name[0]<<4 ^ name[1]
}

// family is all functions whose names begin alike.
type family struct {
	prefix string
	hiding hiding
}

// denial is a part of the list.
type denial struct {
	hiding hiding
	names  string
}

func newDenyList(parts ...denial) denyList {
	list := denyList{names: map[string]hiding{}}
	for _, part := range parts {
		for name := range strings.FieldsSeq(part.names) {
			list.begins[beginning(name)] = true
			if prefix, ok := strings.CutSuffix(name, "*"); ok {
				list.families = append(list.families, family{prefix, part.hiding})
				continue
			}
			list.names[name] = part.hiding
		}
	}
	return list
}

// hides is why a function is denied; it is 0 for one that is not.
func (l *denyList) hides(function string) hiding {
	if !l.begins[beginning(function)] {
		return 0
	}
	if h := l.names[function]; h != 0 {
		return h
	}
	for _, f := range l.families {
		if strings.HasPrefix(function, f.prefix) {
			return f.hiding
		}
	}
	return 0
}
