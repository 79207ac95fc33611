package contender

import "iter"

type pair struct{ key, value string }

// inChunks calls take with n pairs at a time, so that each transaction has a bounded size.
func inChunks(pairs iter.Seq2[string, string], n int, take func([]pair) error) error {
	chunk := make([]pair, 0, n)
	for key, value := range pairs {
		chunk = append(chunk, pair{key, value})
		if len(chunk) == n {
			if err := take(chunk); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	if len(chunk) == 0 {
		return nil
	}
	return take(chunk)
}
