package server

import "os"

// mend cuts off what is torn or damaged. What is damaged is kept aside first.
func (f *logFile) mend(file *os.File) error {
	if f.text.damage != nil {
		data, err := os.ReadFile(f.path)
		if err == nil {
			err = writeDurably(f.path+damagedSuffix, data)
		}
		if err != nil {
			return err
		}
	}
	if f.text.torn || f.text.damage != nil {
		if err := file.Truncate(f.text.size); err != nil {
			return err
		}
		if err := settle(file, f.text.size); err != nil {
			return err
		}
	}
	f.text.torn, f.text.damage = false, nil
	return nil
}

// damagedSuffix ends the name of a damaged log that is kept aside.
const damagedSuffix = ".damaged"

// settle marks in a file which statements count no more. That follows from the entries, and so it need not be durable.
func settle(file *os.File, size int64) error {
	data := make([]byte, size)
	if _, err := file.ReadAt(data, 0); err != nil {
		return err
	}
	gone, back := inert(data, size)
	for _, at := range gone {
		if _, err := file.WriteAt([]byte{'#'}, int64(at)); err != nil {
			return err
		}
	}
	for _, at := range back {
		if _, err := file.WriteAt([]byte{' '}, int64(at)); err != nil {
			return err
		}
	}
	return nil
}
