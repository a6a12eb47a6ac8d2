// Verifies what Sallyport writes with the implementation of the Go project: golang.org/x/mod/sumdb/note and tlog.
//
// Reads one JSON object from standard input and writes one: {"ok":true}, or {"problem":…}.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type inclusion struct {
	Index int64    `json:"index"`
	Line  string   `json:"line"`
	Proof []string `json:"proof"`
}

type consistency struct {
	Size  int64    `json:"size"`
	Root  string   `json:"root"`
	Proof []string `json:"proof"`
}

type input struct {
	Verifiers   []string      `json:"verifiers"`
	Note        string        `json:"note"`
	Signatures  int           `json:"signatures"`
	Lines       []string      `json:"lines"`
	Inclusion   []inclusion   `json:"inclusion"`
	Consistency []consistency `json:"consistency"`
}

func hashOf(text string) (tlog.Hash, error) {
	var hash tlog.Hash
	bytes, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(bytes) != len(hash) {
		return hash, fmt.Errorf("no hash: %q", text)
	}
	copy(hash[:], bytes)
	return hash, nil
}

func hashesOf(texts []string) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, 0, len(texts))
	for _, text := range texts {
		hash, err := hashOf(text)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

// treeOf computes the root of lines with nothing but what the Go project offers.
func treeOf(lines []string) (tlog.Hash, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for n, line := range lines {
		hashes, err := tlog.StoredHashes(int64(n), []byte(line), reader)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, hashes...)
	}
	return tlog.TreeHash(int64(len(lines)), reader)
}

func verify(in input) error {
	var verifiers []note.Verifier
	for _, vkey := range in.Verifiers {
		verifier, err := note.NewVerifier(vkey)
		if err != nil {
			return fmt.Errorf("verifier key: %w", err)
		}
		verifiers = append(verifiers, verifier)
	}
	opened, err := note.Open([]byte(in.Note), note.VerifierList(verifiers...))
	if err != nil {
		return fmt.Errorf("note: %w", err)
	}
	if len(opened.Sigs) != in.Signatures {
		return fmt.Errorf("note: %d signatures were verified", len(opened.Sigs))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != opened.Sigs[0].Name {
		return fmt.Errorf("checkpoint: %q", opened.Text)
	}
	var size int64
	if _, err := fmt.Sscanf(lines[1], "%d", &size); err != nil {
		return err
	}
	root, err := hashOf(lines[2])
	if err != nil {
		return err
	}
	if in.Lines != nil {
		if int64(len(in.Lines)) != size {
			return fmt.Errorf("%d lines, the checkpoint says %d", len(in.Lines), size)
		}
		computed, err := treeOf(in.Lines)
		if err != nil {
			return err
		}
		if computed != root {
			return fmt.Errorf("the lines have the root %v", computed)
		}
	}
	for _, one := range in.Inclusion {
		proof, err := hashesOf(one.Proof)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, size, root, one.Index, tlog.RecordHash([]byte(one.Line))); err != nil {
			return fmt.Errorf("record %d: %w", one.Index, err)
		}
	}
	for _, one := range in.Consistency {
		older, err := hashOf(one.Root)
		if err != nil {
			return err
		}
		proof, err := hashesOf(one.Proof)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, size, root, one.Size, older); err != nil {
			return fmt.Errorf("tree of %d: %w", one.Size, err)
		}
	}
	return nil
}

func main() {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	out := map[string]any{"ok": true}
	if err := verify(in); err != nil {
		out = map[string]any{"problem": err.Error()}
	}
	json.NewEncoder(os.Stdout).Encode(out)
}
