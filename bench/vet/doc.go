// Command vet prints what sigravet costs under "go vet", as ratios to a tool
// that finds nothing, on the same code and in the same run.
//
//	go run ./bench/vet                     all trees, cold, warm and memory
//	go run ./bench/vet -trees app -rounds 5
//	go run ./bench/vet -growth             an application of 30, 165 and 300 packages
//	go run ./bench/vet -others             staticcheck, gosec and nilaway beside them
//	go run ./bench/vet -generate dir       write the application and stop
//
// The trees are pgx as the main module, with its tests; the examples; by
// itself the one of them that has findings, leaky; and a generated application of -packages and -queries. Compilation is warm.
//
// Cold is a run with a tool that the go command has not seen: a copy with a
// few more bytes at its end. Warm is the run after that. CPU is what the go
// command and all of its children used, and memory the largest resident set
// of one process of the tool, in a run of its own. The tools take turns, and
// the lowest of the rounds counts, because noise only adds. Compare ratios,
// never seconds.
package main
