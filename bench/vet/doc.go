// Command vet prints what sigravet costs under "go vet", as ratios to a tool
// that finds nothing, on the same code and in the same run.
//
//	go run ./bench/vet                     all trees, cold, warm and memory
//	go run ./bench/vet -trees app -rounds 5
//	go run ./bench/vet -growth             applications of 30 to 300 packages, and a line through their costs
//	go run ./bench/vet -others             staticcheck, gosec and nilaway beside them
//	go run ./bench/vet -generate dir       write the application and stop
//	go run ./bench/vet -json               JSON lines, with any of the flags
//
// The trees are pgx as the main module, with its tests; the examples; by
// itself the one of them that has findings, leaky; and a generated application
// of -packages and -queries. Compilation is warm.
//
// Cold is a run with a tool that the go command has not seen: a copy with a
// few more bytes at its end. Warm is the run after that. CPU is what the go
// command and all of its children used, and memory the largest resident set
// of one process of the tool, in a run of its own. The tools take turns, and
// the lowest of the rounds counts, because noise only adds. Compare ratios,
// never seconds.
//
// Growth is about what the processes of a tool take for the packages of the
// application, without the go command and without the libraries, which are the
// same for all sizes. Each cost is printed at all sizes, with the straight
// line that is closest to them: what a package adds, and the largest distance
// of a size from the line in per cent of it. Two costs are counted, in a round
// of their own, and hardly differ between runs: the bytes of types and facts
// that the processes read and wrote, and the memory that they took with the
// garbage collector off. CPU is timed, in -rounds, of which the lower quartile
// counts.
package main
