package contender

// bboltBatch is bbolt with Batch, the call that puts concurrent writes into one transaction. A lone writer waits up to ten
// milliseconds for others, bbolt's default MaxBatchDelay.
func bboltBatch() Contender {
	return Contender{
		Name: "bbolt-batch", Title: "bbolt (Batch)", Module: "go.etcd.io/bbolt", Family: "bbolt",
		Setup: "as bbolt (Update), with Batch for each write",
		Roles: Write,
		Open: func(dir string, _ Config) (Store, error) {
			db, err := openBbolt(dir)
			if err != nil {
				return nil, err
			}
			return &bboltStore{db: db, write: db.Batch}, nil
		},
	}
}
