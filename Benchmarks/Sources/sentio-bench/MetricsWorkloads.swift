let metricsWorkloads: [Workload] = []
