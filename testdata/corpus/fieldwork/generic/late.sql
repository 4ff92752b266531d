SELECT id FROM jobs WHERE NOT done AND due_at < now()
