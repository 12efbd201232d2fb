"""tmp."""
import json, sys, time, math
from pathlib import Path
import numpy as np
from planner.service.frontier.location_routing import *

def read(path):
    t=iter(path.read_text().split())
    n,m=int(next(t)),int(next(t))
    xy=np.array([[float(next(t)),float(next(t))] for _ in range(m+n)])
    Q=float(next(t)); cap=np.array([float(next(t)) for _ in range(m)]); d=np.array([float(next(t)) for _ in range(n)])
    o=np.array([float(next(t)) for _ in range(m)]); F=float(next(t))
    diff=xy[:,None]-xy[None]
    sq=(diff**2).sum(-1)
    cost=np.ceil(100*np.sqrt(sq)-1e-9)
    return LocationRoutingProblem(cost=cost,depot_cost=o,depot_capacity=cap,demand=d,capacity=Q,route_cost=F)
best=json.load(open('/work/shared/data/benchmarks/routing/best_known.json'))['lrp_prins']['values']
cpu=float(sys.argv[1]); gaps=[]
for p in sorted(Path('/work/shared/data/benchmarks/routing/lrp').glob('*.dat')):
    if len(sys.argv)>2 and sys.argv[2] not in p.stem: continue
    pr=read(p); t=time.process_time()
    a=solve_location_routing(pr,cpu_seconds=cpu,seed=1)
    used=time.process_time()-t
    c=0;m=len(pr.depot_cost)
    seen=[]
    for dep,st in a.routes:
        nodes=[dep]+[m+s for s in st]+[dep]; c+=pr.route_cost+sum(pr.cost[x,y] for x,y in zip(nodes,nodes[1:])); seen+=st
        assert pr.demand[list(st)].sum()<=pr.capacity
    c+=sum(pr.depot_cost[k] for k in {dd for dd,_ in a.routes}); assert sorted(seen)==list(range(len(pr.demand)))
    g=100*(a.cost/best[p.stem]-1); gaps.append(g)
    print(p.stem,a.cost,c,best[p.stem],f"gap {g:.3f} lb {a.lower_bound:.0f} cpu {used:.1f} steps {a.steps} open {sorted({dd for dd,_ in a.routes})}",flush=True)
print('mean',np.mean(gaps))
