"""Opening years of sites under yearly budgets, planned together: search, proven bound, and a small core solved exactly.

The dual settles first (`phased_dual_kernels`), then ruin and recreate guided by its prices, then the (site, year) pairs
that reduced costs leave open, or the most promising of them, go to HiGHS (`phased_core`).
"""

from __future__ import annotations

import time

import numpy as np

from planner.coverage.engine.lagrange import Effort
from planner.coverage.engine.phased_bound import earnings, upper_bound
from planner.coverage.engine.phased_core import Core, programme_of, solve_linear, solve_whole
from planner.coverage.engine.phased_dual_kernels import YearDual, descend
from planner.coverage.engine.phased_reduce import FreePart, free_part
from planner.coverage.engine.phased_search_kernels import Aim, anneal_years, begin_plan, refill, scratch_for
from planner.coverage.engine.phased_world import Demands, PhasedCover, PhasedPlan, Phases, covered_by, matrix_of, required_in
from planner.units import BoolArray, FloatArray, IntArray

_LEAST_FACTOR, _PATIENCE = 1e-3, 30.0
import os
VERBOSE=bool(os.environ.get('VERB'))
P=dict(moves=int(os.environ.get('MOVES','60000')),hot=float(os.environ.get('HOT','2')),cold=float(os.environ.get('COLD','.02')),pairs=int(os.environ.get('PAIRS','2500')),noise=float(os.environ.get('NOISE','.2')),mip=float(os.environ.get('MIP','60')),charge=float(os.environ.get('CHARGE','1')))
def say(*a):
    if VERBOSE: print(round(time.process_time(),1),*a,flush=True)


class YearSearch:
    """One run on the free part: the best plan so far, the multipliers, and the pairs that can still matter."""

    def __init__(self, phases: Phases, effort: Effort) -> None:
        self.phases = phases
        self.effort = effort
        self.random = np.random.default_rng(effort.seed)
        rows, years = phases.weights.shape
        sites = phases.spend.shape[1]
        self.years = years
        self.whole = bool((phases.weights == np.rint(phases.weights)).all())
        self.opens = np.full(sites, years, dtype=np.int64)
        self.allowed = np.ones((sites, years), dtype=np.bool_)
        self.sure = np.zeros(sites, dtype=np.bool_)
        self.penalty = np.full(years, float(os.environ.get('PEN','3')))
        self.bound = np.inf
        self.dual = YearDual(
            u=np.zeros((rows, years)), price=np.zeros(len(phases.room)), factor=np.ones(years),
            direction=np.zeros((rows, years)), often=np.zeros((sites, years)),
            control=np.array([0.0, 0.0, 1.0, _LEAST_FACTOR, _PATIENCE, 1.0]),
        )
        self.best_dual = (np.inf, self.dual.u, self.dual.price, self.dual.factor)

    # -- the plan
    def covered(self, opens): return covered_by(self.phases, opens)
    def value(self, opens): return float((self.phases.weights*self.covered(opens)).sum())
    def shortfall(self, opens):
        C=(self.phases.weights*self.covered(opens)).sum(axis=0); s=self.phases.target-C
        return np.where(s>1e-9*np.maximum(1,self.phases.target),s,0.0)

    def aim(self, charged: float) -> Aim:
        size=np.maximum(self.phases.spend[0] if len(self.phases.room) else np.ones(len(self.opens)),1e-9)
        charge=np.zeros(self.allowed.shape)
        if charged:
            gain=earnings(self.phases,self.dual.u,0*self.dual.price); charge=charged*(gain-earnings(self.phases,self.dual.u,self.dual.price))
        bonus=float(np.max(matrix_of(self.phases).T@self.phases.weights.sum(axis=1),initial=0.0))*(1+self.penalty.max())+1
        return Aim(self.best_dual[3], self.penalty, np.array([bonus]), charge, size, self.allowed, np.flatnonzero(self.allowed.any(axis=1)))

    def begin(self) -> None:
        plan = begin_plan(self.phases, self.opens); work = scratch_for(self.phases)
        work.sites[:] = np.arange(len(self.opens))
        refill(self.phases, plan, self.aim(0.0), work, len(self.opens), 0.0, self.random)
        say('greedy', self.value(self.opens), self.shortfall(self.opens))

    def anneal(self, moves, hot, cold):
        wm=self.phases.weights.mean()
        opens=self.opens.copy(); plan=begin_plan(self.phases,opens); aim=self.aim(P['charge'])
        chunk=5000
        for a in range(0,moves,chunk):
            anneal_years(self.phases,plan,aim,(hot*wm,cold*wm,P['noise']),(a,min(moves,a+chunk),moves),self.opens,self.random)
            if a%20000==0 or a+chunk>=moves: say('anneal',a,f'score gap {100*(self.bound/(plan.covered@aim.factor-(aim.factor-1)@self.phases.target)-1):.3f}%',plan.covered.round(),self.value(self.opens),self.shortfall(self.opens))
            if time.monotonic()>self.effort.deadline: break
        say('annealed',self.value(self.opens),self.shortfall(self.opens))

    def start_dual(self):
        hits=np.column_stack([matrix_of(self.phases)@(self.opens<=s).astype(float) for s in range(self.years)])
        self.dual.u[:]=np.where(hits<.5,1.,np.where(hits<1.5,.5,.05))*self.phases.weights

    def settle(self, rounds=40, its=60):
        tg=self.phases.target; aimed=np.flatnonzero(tg>0); step=np.full(self.years,.1); sign=np.zeros(self.years)
        A=matrix_of(self.phases)
        for k in range(rounds):
            lack=self.shortfall(self.opens).sum(); low=self.value(self.opens)-3*lack
            self.dual.control[0]=low; self.dual.control[1]=low
            b=descend(self.phases,self.dual,its)
            if b<self.best_dual[0]: self.best_dual=(b,self.dual.u.copy(),self.dual.price.copy(),self.dual.factor.copy())
            est=(self.phases.weights*np.minimum(1,A@np.cumsum(self.dual.often,axis=1))).sum(0)
            if k%5==0: say('dual',k,b,f'{100*(b/low-1):.3f}%',self.dual.control[2],self.dual.factor.round(3),(est/1e3).round(),(tg/1e3).round())
            if self.dual.control[2]<_LEAST_FACTOR: break
            if k>=2 and len(aimed):
                old=self.dual.factor.copy()
                for t in aimed:
                    s=1. if est[t]<tg[t] else -1.
                    step[t]=step[t]*(1.3 if s==sign[t] else .5); sign[t]=s
                    self.dual.factor[t]=max(1.,self.dual.factor[t]+s*step[t])
                    if self.dual.factor[t]==1.: step[t]=max(step[t],1e-3)
                self.dual.u[:]*=self.dual.factor/old
        self.bound=min(self.bound,upper_bound(self.phases,self.best_dual[1],self.best_dual[2],self.best_dual[3]))
        say('bound',self.bound,100*(self.bound/self.value(self.opens)-1))

    def fix(self):
        _,u,price,factor=self.best_dual
        need=self.value(self.opens)+(1 if self.whole else 0); gap=upper_bound(self.phases,u,price,factor)-need
        net=earnings(self.phases,u,price); top=np.maximum(0,net.max(axis=1))
        self.net=net; self.top=top
        self.allowed&=(top[:,None]-net)<=gap; self.sure|=top>gap
        say('fix: pairs',self.allowed.sum(),'sites',self.allowed.any(1).sum(),'sure',self.sure.sum(),'gap',gap)

    def demands(self): return Demands(base=1.0,penalty=100.0,bonus=0.0)
    def linear(self, pairs):
        for k in range(6):
            _,u,price,factor=self.best_dual
            net=earnings(self.phases,u,price); top=np.maximum(0,net.max(axis=1)); loss=top[:,None]-net
            al=np.zeros(loss.shape,bool); al.ravel()[np.argsort(loss.ravel(),kind='stable')[:pairs]]=True
            if k==0: j=np.flatnonzero(self.opens<self.years); al[j,self.opens[j]]=True
            else: al|=self.lp_al & (loss< self.bound*1e-3); 
            self.lp_al=al
            pr=programme_of(self.phases,Core.of(al,self.sure),self.demands())
            ans=solve_linear(self.phases,pr,self.demands(),100)
            b=upper_bound(self.phases,ans.u,ans.price,ans.factor)
            v=float(pr.worth[:len(ans.opened)]@ans.opened)
            say('lp',al.sum(),'bound',b,ans.factor,'frac',((ans.opened>1e-4)&(ans.opened<1-1e-4)).sum(),(ans.opened>1e-4).sum())
            better = b<self.best_dual[0]-1e-6*abs(b)
            if b<self.best_dual[0]: self.best_dual=(b,ans.u,ans.price,ans.factor)
            self.bound=min(self.bound,b); self.lp=(pr.core,ans)
            if not better: break
    def core(self, pairs, seconds):
        loss=np.where(self.allowed,self.top[:,None]-self.net,np.inf)
        j=np.flatnonzero(self.opens<self.years); loss[j,self.opens[j]]=-1; loss[self.sure&~self.allowed.any(1)]=np.inf
        allowed=np.zeros(self.allowed.shape,bool)
        order=np.argsort(loss.ravel(),kind='stable')[:pairs]; order=order[np.isfinite(loss.ravel()[order])]
        allowed.ravel()[order]=True
        full=not (np.isfinite(loss)&~allowed).any()
        sure=self.sure&allowed.any(1)
        pr=programme_of(self.phases,Core.of(allowed,sure),self.demands())
        o,b=solve_whole(pr,self.opens,self.years,seconds=seconds,seed=1,nodes=10**6,gap=.999)
        say('core',allowed.sum(),'full',full,self.value(o),self.shortfall(o),'core bound',b)
        self.opens=o
        if full: self.bound=min(self.bound,max(b,self.value(self.opens)))
