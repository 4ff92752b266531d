package pgsql

import "strings"

// keyword numbers the key words that the grammar of this package mentions. Other
// words of PostgreSQL's list are unreserved and are read as plain identifiers.
type keyword uint16

const (
	notKeyword keyword = iota
	kAbsent
	kIndent
	kRead
	kLast
	kNulls
	kGlobal
	kString
	kOperator
	kAll
	kAnalyse
	kAnalyze
	kAnd
	kAny
	kArray
	kAs
	kAsc
	kAsymmetric
	kAt
	kAuthorization
	kBetween
	kBigint
	kBinary
	kBit
	kBoolean
	kBoth
	kBreadth
	kBy
	kCase
	kCast
	kChar
	kCharacter
	kCheck
	kCoalesce
	kCollate
	kCollation
	kColumn
	kColumns
	kConcurrently
	kConditional
	kConflict
	kConstraint
	kContent
	kCopy
	kCreate
	kCross
	kCube
	kCurrent
	kCurrentCatalog
	kCurrentDate
	kCurrentRole
	kCurrentSchema
	kCurrentTime
	kCurrentTimestamp
	kCurrentUser
	kCycle
	kDay
	kDec
	kDecimal
	kDefault
	kDeferrable
	kDelete
	kDepth
	kDesc
	kDistinct
	kDo
	kDocument
	kDouble
	kElse
	kEmpty
	kEncoding
	kEnd
	kError
	kEscape
	kExcept
	kExclude
	kExists
	kExplain
	kExtract
	kFalse
	kFetch
	kFilter
	kFirst
	kFloat
	kFollowing
	kFor
	kForeign
	kFormat
	kFreeze
	kFrom
	kFull
	kGrant
	kGreatest
	kGroup
	kGrouping
	kGroups
	kHaving
	kHour
	kIlike
	kIn
	kInitially
	kInner
	kInout
	kInsert
	kInstead
	kInt
	kInteger
	kIntersect
	kInterval
	kInto
	kIs
	kIsnull
	kJoin
	kJson
	kJsonArray
	kJsonArrayagg
	kJsonExists
	kJsonObject
	kJsonObjectagg
	kJsonQuery
	kJsonScalar
	kJsonSerialize
	kJsonTable
	kJsonValue
	kKeep
	kKey
	kKeys
	kLateral
	kLeading
	kLeast
	kLeft
	kLike
	kLimit
	kLocal
	kLocaltime
	kLocaltimestamp
	kLocked
	kMatched
	kMaterialized
	kMerge
	kMergeAction
	kMinute
	kMonth
	kName
	kNational
	kNatural
	kNchar
	kNested
	kNew
	kNext
	kNfc
	kNfd
	kNfkc
	kNfkd
	kNo
	kNone
	kNormalize
	kNormalized
	kNot
	kNothing
	kNotnull
	kNowait
	kNull
	kNullif
	kNumeric
	kObject
	kOf
	kOffset
	kOld
	kOmit
	kOn
	kOnly
	kOption
	kOr
	kOrder
	kOrdinality
	kOthers
	kOut
	kOuter
	kOver
	kOverlaps
	kOverlay
	kOverriding
	kPartition
	kPassing
	kPath
	kPlacing
	kPosition
	kPreceding
	kPrecision
	kPreserve
	kPrimary
	kQuotes
	kRange
	kReal
	kRecursive
	kRef
	kReferences
	kRepeatable
	kReturning
	kRight
	kRollup
	kRow
	kRows
	kScalar
	kSearch
	kSecond
	kSelect
	kSessionUser
	kSet
	kSetof
	kSets
	kShare
	kSimilar
	kSkip
	kSmallint
	kSome
	kSource
	kStandalone
	kStrip
	kSubstring
	kSymmetric
	kSystem
	kSystemUser
	kTable
	kTablesample
	kTarget
	kTemp
	kTemporary
	kThen
	kTies
	kTime
	kTimestamp
	kTo
	kTrailing
	kTreat
	kTrim
	kTrue
	kUescape
	kUnbounded
	kUnconditional
	kUnion
	kUnique
	kUnknown
	kUnlogged
	kUpdate
	kUser
	kUsing
	kValue
	kValues
	kVarchar
	kVariadic
	kVarying
	kVerbose
	kVersion
	kWhen
	kWhere
	kWhitespace
	kWindow
	kWith
	kWithin
	kWithout
	kWrapper
	kXml
	kXmlattributes
	kXmlconcat
	kXmlelement
	kXmlexists
	kXmlforest
	kXmlnamespaces
	kXmlparse
	kXmlpi
	kXmlroot
	kXmlserialize
	kXmltable
	kYear
	kYes
	kZone
)

// class is the category of a key word in PostgreSQL's kwlist.h: it decides where
// the word may stand as a name.
type class uint8

const (
	unreserved     class = iota // any name
	columnName                  // a column or table, not a function or type
	typeOrFunction              // a function or type, not a column or table
	reserved                    // only a label after AS or a dot
)

// words lists each key word with its class and whether it may be a column label
// without AS. Source: pg_get_keywords() of PostgreSQL 15, and for later key
// words the appendix "SQL Key Words" of the manual.
var words = [...]struct {
	text  string
	class class
	bare  bool
}{
	kAbsent:           {"absent", unreserved, true},
	kIndent:           {"indent", unreserved, true},
	kRead:             {"read", unreserved, true},
	kLast:             {"last", unreserved, true},
	kNulls:            {"nulls", unreserved, true},
	kGlobal:           {"global", unreserved, true},
	kString:           {"string", unreserved, true},
	kOperator:         {"operator", unreserved, true},
	kAll:              {"all", reserved, true},
	kAnalyse:          {"analyse", reserved, true},
	kAnalyze:          {"analyze", reserved, true},
	kAnd:              {"and", reserved, true},
	kAny:              {"any", reserved, true},
	kArray:            {"array", reserved, false},
	kAs:               {"as", reserved, false},
	kAsc:              {"asc", reserved, true},
	kAsymmetric:       {"asymmetric", reserved, true},
	kAt:               {"at", unreserved, true},
	kAuthorization:    {"authorization", typeOrFunction, true},
	kBetween:          {"between", columnName, true},
	kBigint:           {"bigint", columnName, true},
	kBinary:           {"binary", typeOrFunction, true},
	kBit:              {"bit", columnName, true},
	kBoolean:          {"boolean", columnName, true},
	kBoth:             {"both", reserved, true},
	kBreadth:          {"breadth", unreserved, true},
	kBy:               {"by", unreserved, true},
	kCase:             {"case", reserved, true},
	kCast:             {"cast", reserved, true},
	kChar:             {"char", columnName, false},
	kCharacter:        {"character", columnName, false},
	kCheck:            {"check", reserved, true},
	kCoalesce:         {"coalesce", columnName, true},
	kCollate:          {"collate", reserved, true},
	kCollation:        {"collation", typeOrFunction, true},
	kColumn:           {"column", reserved, true},
	kColumns:          {"columns", unreserved, true},
	kConcurrently:     {"concurrently", typeOrFunction, true},
	kConditional:      {"conditional", unreserved, true},
	kConflict:         {"conflict", unreserved, true},
	kConstraint:       {"constraint", reserved, true},
	kContent:          {"content", unreserved, true},
	kCopy:             {"copy", unreserved, true},
	kCreate:           {"create", reserved, false},
	kCross:            {"cross", typeOrFunction, true},
	kCube:             {"cube", unreserved, true},
	kCurrent:          {"current", unreserved, true},
	kCurrentCatalog:   {"current_catalog", reserved, true},
	kCurrentDate:      {"current_date", reserved, true},
	kCurrentRole:      {"current_role", reserved, true},
	kCurrentSchema:    {"current_schema", typeOrFunction, true},
	kCurrentTime:      {"current_time", reserved, true},
	kCurrentTimestamp: {"current_timestamp", reserved, true},
	kCurrentUser:      {"current_user", reserved, true},
	kCycle:            {"cycle", unreserved, true},
	kDay:              {"day", unreserved, false},
	kDec:              {"dec", columnName, true},
	kDecimal:          {"decimal", columnName, true},
	kDefault:          {"default", reserved, true},
	kDeferrable:       {"deferrable", reserved, true},
	kDelete:           {"delete", unreserved, true},
	kDepth:            {"depth", unreserved, true},
	kDesc:             {"desc", reserved, true},
	kDistinct:         {"distinct", reserved, true},
	kDo:               {"do", reserved, true},
	kDocument:         {"document", unreserved, true},
	kDouble:           {"double", unreserved, true},
	kElse:             {"else", reserved, true},
	kEmpty:            {"empty", unreserved, true},
	kEncoding:         {"encoding", unreserved, true},
	kEnd:              {"end", reserved, true},
	kError:            {"error", unreserved, true},
	kEscape:           {"escape", unreserved, true},
	kExcept:           {"except", reserved, false},
	kExclude:          {"exclude", unreserved, true},
	kExists:           {"exists", columnName, true},
	kExplain:          {"explain", unreserved, true},
	kExtract:          {"extract", columnName, true},
	kFalse:            {"false", reserved, true},
	kFetch:            {"fetch", reserved, false},
	kFilter:           {"filter", unreserved, false},
	kFirst:            {"first", unreserved, true},
	kFloat:            {"float", columnName, true},
	kFollowing:        {"following", unreserved, true},
	kFor:              {"for", reserved, false},
	kForeign:          {"foreign", reserved, true},
	kFormat:           {"format", unreserved, true},
	kFreeze:           {"freeze", typeOrFunction, true},
	kFrom:             {"from", reserved, false},
	kFull:             {"full", typeOrFunction, true},
	kGrant:            {"grant", reserved, false},
	kGreatest:         {"greatest", columnName, true},
	kGroup:            {"group", reserved, false},
	kGrouping:         {"grouping", columnName, true},
	kGroups:           {"groups", unreserved, true},
	kHaving:           {"having", reserved, false},
	kHour:             {"hour", unreserved, false},
	kIlike:            {"ilike", typeOrFunction, true},
	kIn:               {"in", reserved, true},
	kInitially:        {"initially", reserved, true},
	kInner:            {"inner", typeOrFunction, true},
	kInout:            {"inout", columnName, true},
	kInsert:           {"insert", unreserved, true},
	kInstead:          {"instead", unreserved, true},
	kInt:              {"int", columnName, true},
	kInteger:          {"integer", columnName, true},
	kIntersect:        {"intersect", reserved, false},
	kInterval:         {"interval", columnName, true},
	kInto:             {"into", reserved, false},
	kIs:               {"is", typeOrFunction, true},
	kIsnull:           {"isnull", typeOrFunction, false},
	kJoin:             {"join", typeOrFunction, true},
	kJson:             {"json", columnName, true},
	kJsonArray:        {"json_array", columnName, true},
	kJsonArrayagg:     {"json_arrayagg", columnName, true},
	kJsonExists:       {"json_exists", columnName, true},
	kJsonObject:       {"json_object", columnName, true},
	kJsonObjectagg:    {"json_objectagg", columnName, true},
	kJsonQuery:        {"json_query", columnName, true},
	kJsonScalar:       {"json_scalar", columnName, true},
	kJsonSerialize:    {"json_serialize", columnName, true},
	kJsonTable:        {"json_table", columnName, true},
	kJsonValue:        {"json_value", columnName, true},
	kKeep:             {"keep", unreserved, true},
	kKey:              {"key", unreserved, true},
	kKeys:             {"keys", unreserved, true},
	kLateral:          {"lateral", reserved, true},
	kLeading:          {"leading", reserved, true},
	kLeast:            {"least", columnName, true},
	kLeft:             {"left", typeOrFunction, true},
	kLike:             {"like", typeOrFunction, true},
	kLimit:            {"limit", reserved, false},
	kLocal:            {"local", unreserved, true},
	kLocaltime:        {"localtime", reserved, true},
	kLocaltimestamp:   {"localtimestamp", reserved, true},
	kLocked:           {"locked", unreserved, true},
	kMatched:          {"matched", unreserved, true},
	kMaterialized:     {"materialized", unreserved, true},
	kMerge:            {"merge", unreserved, true},
	kMergeAction:      {"merge_action", columnName, true},
	kMinute:           {"minute", unreserved, false},
	kMonth:            {"month", unreserved, false},
	kName:             {"name", unreserved, true},
	kNational:         {"national", columnName, true},
	kNatural:          {"natural", typeOrFunction, true},
	kNchar:            {"nchar", columnName, true},
	kNested:           {"nested", unreserved, true},
	kNew:              {"new", unreserved, true},
	kNext:             {"next", unreserved, true},
	kNfc:              {"nfc", unreserved, true},
	kNfd:              {"nfd", unreserved, true},
	kNfkc:             {"nfkc", unreserved, true},
	kNfkd:             {"nfkd", unreserved, true},
	kNo:               {"no", unreserved, true},
	kNone:             {"none", columnName, true},
	kNormalize:        {"normalize", columnName, true},
	kNormalized:       {"normalized", unreserved, true},
	kNot:              {"not", reserved, true},
	kNothing:          {"nothing", unreserved, true},
	kNotnull:          {"notnull", typeOrFunction, false},
	kNowait:           {"nowait", unreserved, true},
	kNull:             {"null", reserved, true},
	kNullif:           {"nullif", columnName, true},
	kNumeric:          {"numeric", columnName, true},
	kObject:           {"object", unreserved, true},
	kOf:               {"of", unreserved, true},
	kOffset:           {"offset", reserved, false},
	kOld:              {"old", unreserved, true},
	kOmit:             {"omit", unreserved, true},
	kOn:               {"on", reserved, false},
	kOnly:             {"only", reserved, true},
	kOption:           {"option", unreserved, true},
	kOr:               {"or", reserved, true},
	kOrder:            {"order", reserved, false},
	kOrdinality:       {"ordinality", unreserved, true},
	kOthers:           {"others", unreserved, true},
	kOut:              {"out", columnName, true},
	kOuter:            {"outer", typeOrFunction, true},
	kOver:             {"over", unreserved, false},
	kOverlaps:         {"overlaps", typeOrFunction, false},
	kOverlay:          {"overlay", columnName, true},
	kOverriding:       {"overriding", unreserved, true},
	kPartition:        {"partition", unreserved, true},
	kPassing:          {"passing", unreserved, true},
	kPath:             {"path", unreserved, true},
	kPlacing:          {"placing", reserved, true},
	kPosition:         {"position", columnName, true},
	kPreceding:        {"preceding", unreserved, true},
	kPrecision:        {"precision", columnName, false},
	kPreserve:         {"preserve", unreserved, true},
	kPrimary:          {"primary", reserved, true},
	kQuotes:           {"quotes", unreserved, true},
	kRange:            {"range", unreserved, true},
	kReal:             {"real", columnName, true},
	kRecursive:        {"recursive", unreserved, true},
	kRef:              {"ref", unreserved, true},
	kReferences:       {"references", reserved, true},
	kRepeatable:       {"repeatable", unreserved, true},
	kReturning:        {"returning", reserved, false},
	kRight:            {"right", typeOrFunction, true},
	kRollup:           {"rollup", unreserved, true},
	kRow:              {"row", columnName, true},
	kRows:             {"rows", unreserved, true},
	kScalar:           {"scalar", unreserved, true},
	kSearch:           {"search", unreserved, true},
	kSecond:           {"second", unreserved, false},
	kSelect:           {"select", reserved, true},
	kSessionUser:      {"session_user", reserved, true},
	kSet:              {"set", unreserved, true},
	kSetof:            {"setof", columnName, true},
	kSets:             {"sets", unreserved, true},
	kShare:            {"share", unreserved, true},
	kSimilar:          {"similar", typeOrFunction, true},
	kSkip:             {"skip", unreserved, true},
	kSmallint:         {"smallint", columnName, true},
	kSome:             {"some", reserved, true},
	kSource:           {"source", unreserved, true},
	kStandalone:       {"standalone", unreserved, true},
	kStrip:            {"strip", unreserved, true},
	kSubstring:        {"substring", columnName, true},
	kSymmetric:        {"symmetric", reserved, true},
	kSystem:           {"system", unreserved, true},
	kSystemUser:       {"system_user", reserved, true},
	kTable:            {"table", reserved, true},
	kTablesample:      {"tablesample", typeOrFunction, true},
	kTarget:           {"target", unreserved, true},
	kTemp:             {"temp", unreserved, true},
	kTemporary:        {"temporary", unreserved, true},
	kThen:             {"then", reserved, true},
	kTies:             {"ties", unreserved, true},
	kTime:             {"time", columnName, true},
	kTimestamp:        {"timestamp", columnName, true},
	kTo:               {"to", reserved, false},
	kTrailing:         {"trailing", reserved, true},
	kTreat:            {"treat", columnName, true},
	kTrim:             {"trim", columnName, true},
	kTrue:             {"true", reserved, true},
	kUescape:          {"uescape", unreserved, true},
	kUnbounded:        {"unbounded", unreserved, true},
	kUnconditional:    {"unconditional", unreserved, true},
	kUnion:            {"union", reserved, false},
	kUnique:           {"unique", reserved, true},
	kUnknown:          {"unknown", unreserved, true},
	kUnlogged:         {"unlogged", unreserved, true},
	kUpdate:           {"update", unreserved, true},
	kUser:             {"user", reserved, true},
	kUsing:            {"using", reserved, true},
	kValue:            {"value", unreserved, true},
	kValues:           {"values", columnName, true},
	kVarchar:          {"varchar", columnName, true},
	kVariadic:         {"variadic", reserved, true},
	kVarying:          {"varying", unreserved, false},
	kVerbose:          {"verbose", typeOrFunction, true},
	kVersion:          {"version", unreserved, true},
	kWhen:             {"when", reserved, true},
	kWhere:            {"where", reserved, false},
	kWhitespace:       {"whitespace", unreserved, true},
	kWindow:           {"window", reserved, false},
	kWith:             {"with", reserved, false},
	kWithin:           {"within", unreserved, false},
	kWithout:          {"without", unreserved, false},
	kWrapper:          {"wrapper", unreserved, true},
	kXml:              {"xml", unreserved, true},
	kXmlattributes:    {"xmlattributes", columnName, true},
	kXmlconcat:        {"xmlconcat", columnName, true},
	kXmlelement:       {"xmlelement", columnName, true},
	kXmlexists:        {"xmlexists", columnName, true},
	kXmlforest:        {"xmlforest", columnName, true},
	kXmlnamespaces:    {"xmlnamespaces", columnName, true},
	kXmlparse:         {"xmlparse", columnName, true},
	kXmlpi:            {"xmlpi", columnName, true},
	kXmlroot:          {"xmlroot", columnName, true},
	kXmlserialize:     {"xmlserialize", columnName, true},
	kXmltable:         {"xmltable", columnName, true},
	kYear:             {"year", unreserved, false},
	kYes:              {"yes", unreserved, true},
	kZone:             {"zone", unreserved, true},
}

// otherKeywords are the words of PostgreSQL's list that are read as plain
// identifiers. All are unreserved; the grammar sees a difference in one place.
var otherKeywords = wordSet(`
	abort absolute access action add admin after aggregate also alter always asensitive assertion assignment atomic
	attach attribute backward before begin cache call called cascade cascaded catalog chain characteristics checkpoint
	class close cluster comment comments commit committed compression configuration connection constraints continue
	conversion cost csv cursor data database deallocate declare defaults deferred definer delimiter delimiters depends
	detach dictionary disable discard domain drop each enable encrypted enum event excluding exclusive execute
	expression extension external family finalize force forward function functions generated granted handler header hold
	identity if immediate immutable implicit import include including increment index indexes inherit inherits inline
	input insensitive invoker isolation label language large leakproof level listen load location lock logged mapping
	match maxvalue method minvalue mode move names notify off oids options owned owner parallel parameter parser partial
	password plan plans policy prepare prepared prior privileges procedural procedure procedures program publication
	quote reassign recheck referencing refresh reindex relative release rename replace replica reset restart restrict
	return returns revoke role rollback routine routines rule savepoint schema schemas scroll security sequence
	sequences serializable server session show simple snapshot sql stable start statement statistics stdin stdout
	storage stored strict subscription support sysid tables tablespace template text transaction transform trigger
	truncate trusted type types uncommitted unencrypted unlisten until vacuum valid validate validator view views
	volatile work write`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

const slotCount = 1 << 10

// slots is a hash table of the key words with linear probing: every word of a
// statement is looked up in it.
var slots = func() (table [slotCount]keyword) {
	for k := notKeyword + 1; int(k) < len(words); k++ {
		at := slot(heads[k], len(words[k].text))
		for table[at] != notKeyword {
			at = next(at)
		}
		table[at] = k
	}
	return table
}()

// heads are the first eight bytes of the key words, as find wants them.
var heads = func() (heads [len(words)]eight) {
	for k, w := range words {
		heads[k] = headOf(w.text)
	}
	return heads
}()

// headOf is the beginning of a word as if all its letters were lower case.
func headOf(word string) eight { return (eightOf(word) | gaps) & first(min(len(word), 8)) }

// slot is where the search for a word begins.
func slot(head eight, length int) uint {
	return uint((head + eight(length)) * 0x9E3779B97F4A7C15 >> (64 - 10))
}

func next(slot uint) uint { return (slot + 1) % slotCount }

// lookup finds a key word whatever its case.
func lookup(word string) keyword { return find(headOf(word), word) }

// find is lookup for a word whose head is known.
func find(head eight, word string) keyword {
	for at := slot(head, len(word)); ; at = next(at) {
		k := slots[at]
		if k == notKeyword || heads[k] == head && sameTail(word, words[k].text) {
			return k
		}
	}
}

// sameTail compares what is behind the head of a word with a word in lower case.
func sameTail(word, lower string) bool {
	if len(word) != len(lower) {
		return false
	}
	for i := 8; i < len(word); i++ {
		if word[i]|0x20 != lower[i]|0x20 {
			return false
		}
	}
	return true
}
