let dataWorkloads: [Workload] = []
