// Command independent audits a log with code that is not ours.
//
// It reads a folder or a web address that holds vkey, witness-vkeys, checkpoint, tiles and entry
// bundles, and optionally, in a folder given second:
//
//	earlier/*                checkpoints published before; each must be a beginning of the log
//	consistency/OLD-NEW      base64 hashes, one a line, for two of the checkpoints
//	proofs/*.tlog-proof      each with the entry it is about in a file of the same name, .entry
//
// It shares nothing with the registry but the specifications: hashing, trees, tiles and notes are
// those of golang.org/x/mod/sumdb. It prints what it checked, or the first fault, and exits with 1.
package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func main() {
	if len(os.Args) < 2 {
		fail("usage: independent LOG [FOLDER]")
	}
	log := openLog(os.Args[1])
	log.audit()
	if len(os.Args) > 2 {
		log.checkEarlier(os.Args[2])
		log.checkConsistencyProofs(os.Args[2])
		log.checkProofFiles(os.Args[2])
	}
	fmt.Printf("{\"size\": %d, \"entries\": %d, \"tiles\": %d, \"earlier\": %d, \"consistency\": %d, \"proofs\": %d}\n",
		log.tree.N, log.entries, log.tiles, log.earlier, log.consistency, log.proofs)
}

type auditedLog struct {
	where     string
	verifier  note.Verifier
	witnesses []note.Verifier
	tree      tlog.Tree

	known map[int64]tlog.Tree // every checkpoint seen, by size

	entries, tiles, earlier, consistency, proofs int
}

func openLog(where string) *auditedLog {
	log := &auditedLog{where: strings.TrimSuffix(where, "/"), known: map[int64]tlog.Tree{}}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(log.read("vkey"))))
	check(err, "vkey")
	log.verifier = verifier
	for _, line := range strings.Fields(string(log.read("witness-vkeys"))) {
		log.witnesses = append(log.witnesses, newCosigner(line))
	}
	log.tree = log.open(log.read("checkpoint"))
	return log
}

// open checks a checkpoint: the log's signature and one of every witness.
func (log *auditedLog) open(written []byte) tlog.Tree {
	opened, err := note.Open(written, note.VerifierList(append(log.witnesses, log.verifier)...))
	check(err, "checkpoint")
	if len(opened.Sigs) != 1+len(log.witnesses) {
		fail("the checkpoint is not signed by the log and every witness")
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != log.verifier.Name() || lines[3] != "" {
		fail("a checkpoint has three lines, of which the first is the origin")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "size")
	root, err := tlog.ParseHash(lines[2])
	check(err, "root")
	tree := tlog.Tree{N: size, Hash: root}
	log.known[size] = tree
	return tree
}

// audit grows the tree from the entries and compares the checkpoint and every tile with it.
func (log *auditedLog) audit() {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for _, tile := range tilesAt(0, log.tree.N) {
		path := strings.Replace(log.path(tile), "tile/0/", "tile/entries/", 1)
		bundle := log.read(path)
		for i := 0; i < tile.W; i++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				fail("%s is too short", path)
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			hashes, err := tlog.StoredHashes(int64(log.entries), bundle[2:end], reader)
			check(err, path)
			stored = append(stored, hashes...)
			bundle = bundle[end:]
			log.entries++
		}
		if len(bundle) != 0 {
			fail("%s is too long", path)
		}
	}
	root, err := tlog.TreeHash(log.tree.N, reader)
	check(err, "tree")
	if root != log.tree.Hash {
		fail("the entries do not give the root of the checkpoint")
	}
	for level := 0; log.tree.N>>(tileHeight*level) > 0; level++ {
		for _, tile := range tilesAt(level, log.tree.N) {
			want, err := tlog.ReadTileData(tile, reader)
			check(err, log.path(tile))
			if !bytes.Equal(want, log.read(log.path(tile))) {
				fail("%s is not what the entries give", log.path(tile))
			}
			log.tiles++
		}
	}
}

func tilesAt(level int, size int64) []tlog.Tile {
	var tiles []tlog.Tile
	count := size >> (tileHeight * level)
	for n := int64(0); n<<tileHeight < count; n++ {
		width := count - n<<tileHeight
		if width > 1<<tileHeight {
			width = 1 << tileHeight
		}
		tiles = append(tiles, tlog.Tile{H: tileHeight, L: level, N: n, W: int(width)})
	}
	return tiles
}

// checkEarlier proves from tiles alone that every earlier checkpoint is a beginning of the log.
func (log *auditedLog) checkEarlier(folder string) {
	for _, name := range glob(folder, "earlier/*") {
		old := log.open(file(name))
		if old.N == 0 {
			continue
		}
		proof, err := tlog.ProveTree(log.tree.N, old.N, tlog.TileHashReader(log.tree, log))
		check(err, name)
		check(tlog.CheckTree(proof, log.tree.N, log.tree.Hash, old.N, old.Hash), name)
		log.earlier++
	}
}

func (log *auditedLog) checkConsistencyProofs(folder string) {
	for _, name := range glob(folder, "consistency/*") {
		var old, new int64
		_, err := fmt.Sscanf(filepath.Base(name), "%d-%d", &old, &new)
		check(err, name)
		proof := parseHashes(strings.Fields(string(file(name))))
		check(tlog.CheckTree(proof, new, log.known[new].Hash, old, log.known[old].Hash), name)
		log.consistency++
	}
}

func (log *auditedLog) checkProofFiles(folder string) {
	for _, name := range glob(folder, "proofs/*.tlog-proof") {
		head, checkpoint, found := strings.Cut(string(file(name)), "\n\n")
		lines := strings.Split(head, "\n")
		if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
			fail("%s is not a proof", name)
		}
		lines = lines[1:]
		if strings.HasPrefix(lines[0], "extra ") {
			lines = lines[1:]
		}
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
		check(err, name)
		tree := log.open([]byte(checkpoint))
		entry := tlog.RecordHash(file(strings.TrimSuffix(name, ".tlog-proof") + ".entry"))
		check(tlog.CheckRecord(parseHashes(lines[1:]), tree.N, tree.Hash, index, entry), name)
		own, err := tlog.ProveRecord(log.tree.N, index, tlog.TileHashReader(log.tree, log))
		check(err, name)
		check(tlog.CheckRecord(own, log.tree.N, log.tree.Hash, index, entry), name)
		log.proofs++
	}
}

// Height, ReadTiles and SaveTiles make the log a tlog.TileReader.
func (log *auditedLog) Height() int { return tileHeight }

func (log *auditedLog) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		data = append(data, log.read(log.path(tile)))
	}
	return data, nil
}

func (log *auditedLog) SaveTiles([]tlog.Tile, [][]byte) {}

// path leaves out the height, which the paths of tlog-tiles do not carry.
func (log *auditedLog) path(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight), "tile/", 1)
}

func (log *auditedLog) read(path string) []byte {
	if !strings.HasPrefix(log.where, "http") {
		return file(filepath.Join(log.where, path))
	}
	answer, err := http.Get(log.where + "/" + path)
	check(err, path)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		fail("%s answered %d", path, answer.StatusCode)
	}
	content, err := io.ReadAll(answer.Body)
	check(err, path)
	return content
}

// cosigner checks signatures of type 0x04, which note.NewVerifier does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newCosigner(vkey string) note.Verifier {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		fail("%s is not a verifier key", vkey)
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	check(err, vkey)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	check(err, vkey)
	if len(key) != 1+ed25519.PublicKeySize || key[0] != 0x04 {
		fail("%s is not a witness's key", vkey)
	}
	return &cosigner{parts[0], uint32(hash), key[1:]}
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	return ed25519.Verify(c.key, []byte(message), signature[8:])
}

func parseHashes(lines []string) []tlog.Hash {
	hashes := []tlog.Hash{}
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		check(err, line)
		hashes = append(hashes, hash)
	}
	return hashes
}

func glob(folder, pattern string) []string {
	names, err := filepath.Glob(filepath.Join(folder, pattern))
	check(err, pattern)
	return names
}

func file(path string) []byte {
	content, err := os.ReadFile(path)
	check(err, path)
	return content
}

func check(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}
