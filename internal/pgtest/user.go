//go:build unix

package pgtest

import (
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// longestDir keeps the socket's path within the 103 bytes that the smallest
// platform allows: a separator, the cluster's directory and ".s.PGSQL.5432"
// need about 40.
const longestDir = 60

// unprivileged returns whom to run the server as, or nil when this process is
// not root and may run it itself.
func unprivileged() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if uidErr == nil && gidErr == nil && uid != 0 {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	// Any id but root's will do; this one is nobody's on most systems.
	return &syscall.Credential{Uid: 65534, Gid: 65534}
}

// shortTempDir returns the directory for temporary files, or /tmp when a socket
// in it would have too long a path, or when another user is to work there and
// may not enter it.
func shortTempDir(otherUser bool) string {
	dir := os.TempDir()
	if len(dir) > longestDir || otherUser && !openToOthers(dir) {
		return "/tmp"
	}
	return dir
}

// openToOthers reports whether every directory down to dir may be entered by
// everybody.
func openToOthers(dir string) bool {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return false
	}
	for {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return true
		}
		dir = parent
	}
}

// chown gives the directory, and binaries that were downloaded into it, to the
// cluster's user, who has to be able to remove it.
func (c *cluster) chown() error {
	if c.credential == nil {
		return nil
	}
	return filepath.WalkDir(c.dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(c.credential.Uid), int(c.credential.Gid))
	})
}
